/** Takes the demo market away, once real data is there. */
export const DEMO_REMOVE_COMMAND = "npm run quantflow -- demo remove";
