/** Marks a node without children. */
export const NO_CHILD = -1;

/** A tree of regression as columns over its nodes; the root is node 0. */
export interface RegressionTree {
  readonly nodeCount: number;
  /** {@link NO_CHILD} for leaves. */
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  /** Feature that a node splits on; 0 for leaves. */
  readonly feature: Int32Array;
  /** Float32 values below a node's threshold go left. A leaf has what it adds to the prediction instead. */
  readonly condition: Float32Array;
  /** 1 where missing values go left. */
  readonly isMissingLeft: Uint8Array;
  /** What a node would add were it a leaf, before shrinkage. */
  readonly weight: Float32Array;
  /** Gain of a node's split; 0 for leaves. */
  readonly gain: Float32Array;
  /** Sum of Hessians of the training rows in a node: their number. */
  readonly cover: Float32Array;
}

/** A tree with room for `nodeCount` nodes, all of them leaves that add nothing. */
export function blankTree(nodeCount: number): RegressionTree {
  return {
    nodeCount,
    leftChild: new Int32Array(nodeCount).fill(NO_CHILD),
    rightChild: new Int32Array(nodeCount).fill(NO_CHILD),
    feature: new Int32Array(nodeCount),
    condition: new Float32Array(nodeCount),
    isMissingLeft: new Uint8Array(nodeCount),
    weight: new Float32Array(nodeCount),
    gain: new Float32Array(nodeCount),
    cover: new Float32Array(nodeCount),
  };
}

/** The first `nodeCount` nodes of a tree, in memory of their own. */
export function trimTree(tree: RegressionTree, nodeCount: number): RegressionTree {
  return {
    nodeCount,
    leftChild: tree.leftChild.slice(0, nodeCount),
    rightChild: tree.rightChild.slice(0, nodeCount),
    feature: tree.feature.slice(0, nodeCount),
    condition: tree.condition.slice(0, nodeCount),
    isMissingLeft: tree.isMissingLeft.slice(0, nodeCount),
    weight: tree.weight.slice(0, nodeCount),
    gain: tree.gain.slice(0, nodeCount),
    cover: tree.cover.slice(0, nodeCount),
  };
}

/** The leaf of a row. Values count as float32, as they do in XGBoost. */
export function leafOf(tree: RegressionTree, columns: readonly Float64Array[], row: number): number {
  const { leftChild, rightChild, feature, condition, isMissingLeft } = tree;
  let node = 0;
  while (leftChild[node] !== NO_CHILD) {
    const value = Math.fround(columns[feature[node]!]![row]!);
    const isLeft = Number.isNaN(value) ? isMissingLeft[node] === 1 : value < condition[node]!;
    node = isLeft ? leftChild[node]! : rightChild[node]!;
  }
  return node;
}

/** Adds the tree's values to the predictions of all rows, in float32. */
export function addTree(predictions: Float32Array, tree: RegressionTree, columns: readonly Float64Array[]): void {
  const { condition } = tree;
  for (let row = 0; row < predictions.length; row++) predictions[row]! += condition[leafOf(tree, columns, row)]!;
}
