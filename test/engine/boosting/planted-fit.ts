import {
  type BoostingFit,
  type BoostingParameters,
  type FeatureColumns,
  STUDY_BOOSTING,
} from "../../../src/engine/boosting/gradient-boosting.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";

export interface PlantedFitOptions {
  readonly rowCount: number;
  readonly seed?: number;
  readonly parameters?: Partial<BoostingParameters>;
}

/** Labels sin(2x) + |y| − 1 + noise over the columns x, y, z, w, of which the last two are noise; as many rows to test. */
export function plantedFit({ rowCount, seed = 1, parameters = {} }: PlantedFitOptions): {
  fit: BoostingFit;
  testLabels: Float64Array;
} {
  const gaussian = gaussianRandom(seededRandom(seed));
  const draw = (): { features: FeatureColumns; labels: Float64Array } => {
    const names = ["x", "y", "z", "w"];
    const columns = names.map(() => Float64Array.from({ length: rowCount }, gaussian));
    const [x, y] = columns as [Float64Array, Float64Array];
    const labels = x.map((value, row) => Math.sin(2 * value) + Math.abs(y[row]!) - 1 + 0.1 * gaussian());
    return { features: { names, columns, rowCount }, labels };
  };
  const train = draw();
  const test = draw();
  return {
    fit: {
      train: train.features,
      labels: train.labels,
      test: test.features,
      parameters: { ...STUDY_BOOSTING, ...parameters },
    },
    testLabels: test.labels,
  };
}
