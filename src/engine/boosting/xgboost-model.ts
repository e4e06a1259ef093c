import type { BoostedTrees } from "./boosted-trees.js";
import { NO_CHILD, type RegressionTree } from "./regression-tree.js";

/** XGBoost's mark for the parent of a root. */
const NO_PARENT = 2_147_483_647;

/**
 * The model in XGBoost's JSON format, as version 1.7 writes it; Python's `Booster.load_model` reads it and predicts the
 * same bits. See "Introduction to Model IO" in XGBoost's documentation.
 */
export function modelToXgboostJson({ featureNames, baseScore, trees }: BoostedTrees): string {
  const featureCount = String(featureNames.length);
  return jsonText({
    learner: {
      attributes: {},
      feature_names: featureNames,
      feature_types: featureNames.map(() => "float"),
      gradient_booster: {
        model: {
          gbtree_model_param: { num_parallel_tree: "1", num_trees: String(trees.length), size_leaf_vector: "0" },
          tree_info: trees.map(() => 0),
          trees: trees.map((tree, id) => treeToJson(tree, id, featureCount)),
        },
        name: "gbtree",
      },
      learner_model_param: {
        base_score: String(baseScore),
        boost_from_average: "0",
        num_class: "0",
        num_feature: featureCount,
        num_target: "1",
      },
      objective: { name: "reg:squarederror", reg_loss_param: { scale_pos_weight: "1" } },
    },
    version: [1, 7, 4],
  });
}

function treeToJson(tree: RegressionTree, id: number, featureCount: string): object {
  return {
    base_weights: tree.weight,
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    default_left: tree.isMissingLeft,
    id,
    left_children: tree.leftChild,
    loss_changes: tree.gain,
    parents: parentsOf(tree),
    right_children: tree.rightChild,
    split_conditions: tree.condition,
    split_indices: tree.feature,
    split_type: new Uint8Array(tree.nodeCount),
    sum_hessian: tree.cover,
    tree_param: {
      num_deleted: "0",
      num_feature: featureCount,
      num_nodes: String(tree.nodeCount),
      size_leaf_vector: "0",
    },
  };
}

function parentsOf({ nodeCount, leftChild, rightChild }: RegressionTree): Int32Array {
  const parents = new Int32Array(nodeCount).fill(NO_PARENT);
  for (let node = 0; node < nodeCount; node++) {
    if (leftChild[node] === NO_CHILD) continue;
    parents[leftChild[node]!] = node;
    parents[rightChild[node]!] = node;
  }
  return parents;
}

/** JSON with typed arrays as lists. XGBoost tells numbers from integers by their form, so a float32 has an exponent. */
function jsonText(value: unknown): string {
  if (value instanceof Float32Array) return `[${Array.from(value, floatText).join(",")}]`;
  if (value instanceof Int32Array || value instanceof Uint8Array) return `[${value.join(",")}]`;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`);
  return `{${members.join(",")}}`;
}

/** Nine digits name a float32. */
function floatText(value: number): string {
  const text = String(Number(value.toPrecision(9)));
  return text.includes("e") ? text : `${text}E0`;
}
