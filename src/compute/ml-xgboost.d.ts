/** The Emscripten module inside ml-xgboost 1.1.2; the package has no types of its own. */
declare module "ml-xgboost/dist/wasm/xgboost.js" {
  export interface XgboostModule {
    /** Settles with the module once its memory is there. Not a promise that resolves twice: it has no `then`. */
    readonly isReady: Promise<XgboostModule>;
    /** Replaced when the memory grows: read it anew after every call. */
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
    /** Row-major features and labels as float32; copies both. */
    _create_model(features: number, labels: number, rows: number, columns: number): number;
    _train_full_model(model: number, rounds: number): void;
    /** Writes the prediction of one row and returns how many numbers it has. */
    _predict_one(model: number, row: number, columns: number, prediction: number): number;
    _free_memory_model(model: number): void;
    ccall(
      name: "set_param",
      result: null,
      types: ["number", "string", "string"],
      values: [number, string, string],
    ): void;
  }
  const module: XgboostModule;
  export default module;
}
