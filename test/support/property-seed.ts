import fc from "fast-check";

/**
 * Property tests draw the same cases in every run, so that a change is judged by what it changed. Other cases are
 * drawn with FAST_CHECK_SEED=random, or with a number that a failing run printed.
 */
const FIXED_SEED = 20_261_121;

const asked = process.env.FAST_CHECK_SEED;
if (asked !== "random") fc.configureGlobal({ seed: asked === undefined ? FIXED_SEED : Number(asked) });
