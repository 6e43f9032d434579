/** The largest message that is taken, whatever a setting says. */
export const webSocketBytesMax: number = 2 ** 31 - 1
