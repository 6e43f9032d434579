// Runs a benchmark that is a program of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type GrowthTable } from '../growth/GrowthTable.ts'

const msMax = 300_000

/** Runs a program that prints by itself, and returns the tables that it tells. It runs in `folder`. */
export async function runProgram(
  program: URL,
  args: readonly string[],
  folder: URL,
): Promise<readonly GrowthTable[]> {
  const path = fileURLToPath(program)
  const tables: GrowthTable[] = []
  const flags = ['--enable-source-maps', '--expose-gc', path, ...args]
  const child = spawn(process.execPath, flags, {
    cwd: fileURLToPath(folder),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', (table) => tables.push(table as GrowthTable))
  const timer = setTimeout(() => child.kill('SIGKILL'), msMax)
  await once(child, 'exit')
  clearTimeout(timer)
  if (child.exitCode !== 0)
    throw new Error(`${path} ended with ${child.signalCode ?? `code ${child.exitCode}`}`)
  return tables
}
