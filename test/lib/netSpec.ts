import { spec } from '../spec.ts'
import { type NetOptions, type TestNet } from './TestNet.ts'
import { withMemory, withNet } from './withNet.ts'

type DeclareNet = (name: string, run: (net: TestNet) => Promise<void> | void) => void

/** A suite whose cases have a net each, which is closed in the end, whatever happens. */
export function netSpec(
  name: string,
  define: (it: DeclareNet) => void,
  options: NetOptions = {},
): void {
  spec(name, (it) => define((title, run) => it(title, withNet(run, options))))
}

/** The same by memory and in virtual time. */
export function memorySpec(name: string, define: (it: DeclareNet) => void): void {
  spec(name, (it) => define((title, run) => it(title, withMemory(run))))
}
