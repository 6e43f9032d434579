// A server's side of the talk with the program that started it.

/** The port of a server of `net` or `ws` that listens. */
export function portOf(server: { address: () => string | { port: number } | null }): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

/** How much work a server has done. */
export interface Usage {
  /** User and system time of the process. */
  cpuMicros: number
  messages: number
}

/** Counted up by the server, once per message. */
export interface Tally {
  messages: number
}

/** Prints the port, tells CPU time and message count on request, and ends the process with its parent. */
export function answerParent(port: number, tally: Tally): void {
  process.on('message', (request) => {
    if (request !== 'cpu') return
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuMicros: user + system, messages: tally.messages } satisfies Usage)
  })
  process.on('disconnect', () => process.exit(0))
  console.log(JSON.stringify({ port }))
}
