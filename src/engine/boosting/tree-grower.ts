import { bestSplit, type NodeSums, type Split } from "./best-split.js";
import { FEATURES_PER_WORD, type FeatureBins } from "./feature-bins.js";
import type { BoostingParameters } from "./gradient-boosting.js";
import {
  countRows,
  emptyHistogram,
  fillFromAllRows,
  fillFromNode,
  type GradientHistogram,
  subtractHistogram,
} from "./gradient-histogram.js";
import { blankTree, type RegressionTree, trimTree } from "./regression-tree.js";

/** The rows that a tree learns from, and what is known of them. */
export interface GrowingTask {
  /** Rows in ascending order; the grower reorders them. */
  readonly rows: Uint32Array;
  readonly gradients: Float32Array;
  /** Features the tree may split on, ascending. */
  readonly features: Uint32Array;
  /** Gain the leaf's value for each of the rows; left out, nobody needs them. */
  readonly predictions: Float32Array | undefined;
}

/** Grows trees on one set of bins; its buffers serve all of them. */
export interface TreeGrower {
  grow(task: GrowingTask): RegressionTree;
}

/**
 * Depth-wise growth: a node is split wherever a split gains, down to the greatest depth. The order in which nodes are
 * split changes nothing, so it goes down first: then a histogram for each level is enough. Of two children only the
 * smaller is summed, and the larger takes what remains of the parent's histogram in its place.
 */
export function treeGrower(bins: FeatureBins, parameters: BoostingParameters): TreeGrower {
  const { maxDepth, lambda } = parameters;
  const learningRate = Math.fround(parameters.learningRate);
  const mostNodes = Math.min(2 ** (maxDepth + 1) - 1, 2 * bins.rowCount - 1);
  const scratch = blankTree(mostNodes);
  const isGroupUsed = new Uint8Array(Math.ceil(bins.featureCount / FEATURES_PER_WORD));
  const rowCounts = countRows(bins);
  const gathered = new Float32Array(bins.rowCount);
  const movedRight = new Uint32Array(bins.rowCount);
  const histograms: GradientHistogram[] = [];
  let nodeCount = 0;

  return {
    grow(task) {
      nodeCount = 0;
      isGroupUsed.fill(0);
      for (const feature of task.features) isGroupUsed[Math.floor(feature / FEATURES_PER_WORD)] = 1;
      const end = task.rows.length;
      const root = histogramOfDepth(0);
      if (end === bins.rowCount) fillFromAllRows(root, rowCounts, bins, isGroupUsed, task.gradients);
      else fillFromNode(root, bins, isGroupUsed, { ...task, begin: 0, end, gathered });
      growNode(task, 0, end, addNode(sumOf(task)), 0, root);
      return trimTree(scratch, nodeCount);
    },
  };

  function growNode(
    task: GrowingTask,
    begin: number,
    end: number,
    node: AddedNode,
    depth: number,
    histogram: GradientHistogram,
  ): void {
    const split = bestSplit(histogram, bins, task.features, node.sums, parameters);
    if (!split) {
      addToRows(task, begin, end, makeLeaf(node));
      return;
    }
    const left = addNode(split.left);
    const right = addNode(split.right);
    makeInner(node, left, right, split);
    if (depth + 1 === maxDepth) {
      addBySide(task, begin, end, split, makeLeaf(left), makeLeaf(right));
      return;
    }
    const middle = partition(task.rows, begin, end, split);
    const isLeftSmaller = middle - begin <= end - middle;
    const smaller = histogramOfDepth(depth + 1);
    const [from, to] = isLeftSmaller ? [begin, middle] : [middle, end];
    fillFromNode(smaller, bins, isGroupUsed, { ...task, begin: from, end: to, gathered });
    subtractHistogram(histogram, smaller);
    // The smaller first: the larger sits in this node's histogram, which nobody below overwrites.
    if (isLeftSmaller) {
      growNode(task, begin, middle, left, depth + 1, smaller);
      growNode(task, middle, end, right, depth + 1, histogram);
    } else {
      growNode(task, middle, end, right, depth + 1, smaller);
      growNode(task, begin, middle, left, depth + 1, histogram);
    }
  }

  function histogramOfDepth(depth: number): GradientHistogram {
    histograms[depth] ??= emptyHistogram(bins);
    return histograms[depth];
  }

  function addNode(sums: NodeSums): AddedNode {
    const index = nodeCount++;
    scratch.leftChild[index] = -1;
    scratch.rightChild[index] = -1;
    scratch.feature[index] = 0;
    scratch.isMissingLeft[index] = 0;
    scratch.gain[index] = 0;
    scratch.cover[index] = sums.rows;
    scratch.weight[index] = -sums.gradient / (sums.rows + lambda);
    return { index, sums };
  }

  /** Returns what the leaf adds to the prediction of its rows. */
  function makeLeaf({ index }: AddedNode): number {
    scratch.condition[index] = scratch.weight[index]! * learningRate;
    return scratch.condition[index]!;
  }

  function makeInner({ index }: AddedNode, left: AddedNode, right: AddedNode, split: Split): void {
    scratch.leftChild[index] = left.index;
    scratch.rightChild[index] = right.index;
    scratch.feature[index] = split.feature;
    scratch.condition[index] = split.threshold;
    scratch.isMissingLeft[index] = split.isMissingLeft ? 1 : 0;
    scratch.gain[index] = split.gain;
  }

  /** Brings the rows that go left to the front, both sides in their order; returns where the right ones begin. */
  function partition(rows: Uint32Array, begin: number, end: number, split: Split): number {
    const { codes } = bins;
    const { base, shift, lastLeftCode, missingCode } = sidesOf(split);
    let left = begin;
    let right = 0;
    for (let i = begin; i < end; i++) {
      const row = rows[i]!;
      const code = (codes[base + row]! >>> shift) & 0xff;
      const goesLeft = code <= lastLeftCode || code === missingCode ? 1 : 0;
      rows[left] = row;
      movedRight[right] = row;
      left += goesLeft;
      right += 1 - goesLeft;
    }
    rows.set(movedRight.subarray(0, right), left);
    return left;
  }

  /** Adds the children's values to the predictions of their rows, which need no order any more. */
  function addBySide(
    { rows, predictions }: GrowingTask,
    begin: number,
    end: number,
    split: Split,
    leftValue: number,
    rightValue: number,
  ): void {
    if (!predictions) return;
    const { codes } = bins;
    const { base, shift, lastLeftCode, missingCode } = sidesOf(split);
    for (let i = begin; i < end; i++) {
      const row = rows[i]!;
      const code = (codes[base + row]! >>> shift) & 0xff;
      predictions[row]! += code <= lastLeftCode || code === missingCode ? leftValue : rightValue;
    }
  }

  /** Where the codes of a split's feature are, and which of them go left. */
  function sidesOf({ feature, lastLeftCode, isMissingLeft }: Split) {
    return {
      base: Math.floor(feature / FEATURES_PER_WORD) * bins.rowCount,
      shift: (feature % FEATURES_PER_WORD) * 8,
      lastLeftCode,
      missingCode: bins.hasMissing[feature] && isMissingLeft ? bins.binCount[feature]! : -1,
    };
  }
}

interface AddedNode {
  readonly index: number;
  readonly sums: NodeSums;
}

function sumOf({ rows, gradients }: GrowingTask): NodeSums {
  let gradient = 0;
  for (let i = 0; i < rows.length; i++) gradient += gradients[rows[i]!]!;
  return { gradient, rows: rows.length };
}

function addToRows({ rows, predictions }: GrowingTask, begin: number, end: number, value: number): void {
  if (!predictions) return;
  for (let i = begin; i < end; i++) predictions[rows[i]!]! += value;
}
