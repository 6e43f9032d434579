import dns from 'node:dns/promises'
import { syncBuiltinESMExports } from 'node:module'

const { lookup } = dns

/** While `run` runs, the name service gives these addresses, or fails. */
export async function withNames(
  answer: (host: string) => readonly string[] | Promise<readonly string[]>,
  run: () => Promise<void>,
): Promise<void> {
  dns.lookup = (async (host: string) =>
    (await answer(host)).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))) as unknown as typeof lookup
  syncBuiltinESMExports()
  try {
    await run()
  } finally {
    dns.lookup = lookup
    syncBuiltinESMExports()
  }
}
