// The states of a socket entity, as tags for queries: `query(world, [Socket, Connected])`.

/** The type of a component without data. */
export interface Tag {}

/** A server that takes connections, or a UDP socket, whose port is bound. */
export const Listening: Tag = {}

/** A client socket whose connection is being made. */
export const Connecting: Tag = {}

/** A client or accepted socket that can send; a UDP socket whose peer `connectSocket` has found, until it is connected again. */
export const Connected: Tag = {}

/**
 * A client socket whose connection has ended or could not be made, or a server that could not listen. The
 * reason stands in `Socket(world)`. A client socket can be connected again.
 */
export const Disconnected: Tag = {}
