/**
 * A copy of plain data for another thread, and the buffers in it that can be handed over instead of cloned. A typed
 * array takes its own part of its buffer along: the structured clone would take the whole buffer of every view.
 * Arrays over shared memory stay shared.
 */
export function compactCopy<T>(data: T): { readonly copy: T; readonly buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const copies = new Map<object, object>();
  return { copy: copyOf(data) as T, buffers };

  function copyOf(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const known = copies.get(value);
    if (known) return known;
    const copy = copyOfObject(value);
    copies.set(value, copy);
    return copy;
  }

  function copyOfObject(value: object): object {
    if (isTypedArray(value)) {
      if (!(value.buffer instanceof ArrayBuffer)) return value;
      const part = value.slice();
      buffers.push(part.buffer as ArrayBuffer);
      return part;
    }
    if (Array.isArray(value)) return value.map(copyOf);
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyOf(each)]));
  }
}

function isTypedArray(value: object): value is Float64Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
