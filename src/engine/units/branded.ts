declare const brand: unique symbol;

/** A value of type `T` that cannot be swapped by accident with another brand of the same base type. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };
