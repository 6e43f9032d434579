/** The largest message, as in `Buffer`s of 32-bit machines. */
export const webSocketBytesMax: number = 2 ** 31 - 1
