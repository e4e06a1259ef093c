import type { BoostedTrees } from "./boosted-trees.js";
import { type JsonField, parseJsonField } from "./json-field.js";
import { NO_CHILD, type RegressionTree } from "./regression-tree.js";

/**
 * Reads a model of squared-error regression by trees from XGBoost's JSON format, versions 1.3 to 1.7. Features without
 * names are called f0, f1, … as XGBoost does. Every field that prediction depends on is checked: lengths, children,
 * feature numbers, and that the nodes form one tree. Nodes that pruning cut off are dropped.
 *
 * @throws FEATURES_INVALID with the path of the field that cannot be used
 */
export function modelFromXgboostJson(text: string): BoostedTrees {
  const learner = parseJsonField(text).field("learner");
  const parameters = learner.field("learner_model_param");
  learner.field("objective").field("name").oneOf(["reg:squarederror", "reg:linear"]);
  parameters.field("num_class").oneOf(["0"]);
  parameters.optionalField("num_target")?.oneOf(["1"]);
  const featureCount = parameters.field("num_feature").count({ max: 1_000_000 });
  const booster = learner.field("gradient_booster");
  booster.field("name").oneOf(["gbtree"]);
  const model = booster.field("model");
  const trees = model.field("trees").items();
  const treeCount = model.field("gbtree_model_param").field("num_trees");
  if (treeCount.count({ max: 1_000_000 }) !== trees.length)
    throw treeCount.refuse(`${trees.length}, one for each tree`);
  return {
    featureNames: featureNamesOf(learner.optionalField("feature_names"), featureCount),
    baseScore: Math.fround(parameters.field("base_score").number()),
    trees: trees.map((tree) => treeOf(tree, featureCount)),
  };
}

function featureNamesOf(names: JsonField | undefined, featureCount: number): string[] {
  const given = names?.items() ?? [];
  if (given.length === 0) return Array.from({ length: featureCount }, (_, index) => `f${index}`);
  if (given.length !== featureCount) throw names!.refuse(`${featureCount} names`);
  return given.map((name) => name.text());
}

function treeOf(tree: JsonField, featureCount: number): RegressionTree {
  const nodeCount = tree.field("tree_param").field("num_nodes").count({ min: 1, max: 10_000_000 });
  tree.optionalField("categories_nodes")?.emptyList();
  const children = { min: NO_CHILD, max: nodeCount - 1, integer: true, length: nodeCount };
  const left = tree.field("left_children").numbers(children);
  const right = tree.field("right_children").numbers(children);
  const kept = nodesOfTree(tree, left, right);
  const place = new Map(kept.map((node, index) => [node, index]));
  const placesOf = (nodes: readonly number[]) => Int32Array.from(kept, (node) => place.get(nodes[node]!) ?? NO_CHILD);
  const floats = (name: string) => {
    const values = tree.field(name).numbers({ length: nodeCount });
    return Float32Array.from(kept, (node) => values[node]!);
  };
  const missingLeft = tree.field("default_left").flags(nodeCount);
  const features = tree.field("split_indices").items();
  if (features.length !== nodeCount) throw tree.field("split_indices").refuse(`a list of ${nodeCount} numbers`);
  return {
    nodeCount: kept.length,
    leftChild: placesOf(left),
    rightChild: placesOf(right),
    feature: Int32Array.from(kept, (node) => features[node]!.count({ max: featureCount - 1 })),
    condition: floats("split_conditions"),
    isMissingLeft: Uint8Array.from(kept, (node) => missingLeft[node]!),
    weight: floats("base_weights"),
    gain: floats("loss_changes"),
    cover: floats("sum_hessian"),
  };
}

/** The nodes below the root, ascending; each is reached once, and has two children or none. */
function nodesOfTree(tree: JsonField, leftChild: readonly number[], rightChild: readonly number[]): number[] {
  const reached = new Set<number>();
  const open = [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) throw tree.field("left_children").refuse(`a tree, in which node ${node} is reached once`);
    reached.add(node);
    const left = leftChild[node]!;
    const right = rightChild[node]!;
    if ((left === NO_CHILD) !== (right === NO_CHILD)) {
      throw tree.field("right_children").refuse(`two children or none of node ${node}`);
    }
    if (left !== NO_CHILD) open.push(right, left);
  }
  return [...reached].sort((a, b) => a - b);
}
