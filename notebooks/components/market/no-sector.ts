/** Where shares stand whose source names no sector. */
export const NO_SECTOR = "Sector unknown";
