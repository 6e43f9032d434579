// What server, bots and page have to agree on.

/**
 * Which game this is on the wire. It changes with every change of the messages or of how ships move, so that a page that
 * was loaded before the server was updated is told to reload.
 */
export const protocolVersion = 3

/** The field, in units; the origin is its top left corner. */
export const fieldWidth = 1600
export const fieldHeight = 1000

export const shipRadius = 22
export const gemRadius = 9
/** How many gems lie in the field. */
export const gemCount = 24

export const ticksPerSecond = 60
export const snapshotsPerSecond = 20
/** What players without replication get, and how often bots steer: they have no picture that would have to be smooth. */
export const sightsPerSecond = 10
export const playersMax = 32

/** In characters. */
export const nameLengthMax = 16
export const sayLengthMax = 120

/** How long a UDP player may say nothing, in seconds. */
export const silenceMax = 5

/** What a player steers with: one bit for each key that is held down. */
export const SteerBit = { up: 1, down: 2, left: 4, right: 8, dash: 16 } as const

/** Why the server does not let somebody in. */
export const RefusedReason = { otherVersion: 1, full: 2 } as const
