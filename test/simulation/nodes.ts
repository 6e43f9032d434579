// Other versions of Node, from npm: each is a package with one program in it.

import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Needed } from '../lib/specWith.ts'

const run = promisify(execFile)
const installMs = 100_000

/** Node of a major version: kept in the system's folder for temporary files, installed there when it is missing. */
export async function findNode(major: number): Promise<Needed> {
  const name = `Node ${major}`
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const packageName = `node-${platform}-${process.arch}`
  const folder = join(tmpdir(), `bitecs-networking-node-${major}`)
  const path = join(folder, 'node_modules', packageName, 'bin', 'node')
  if (canRun(path)) return { name, path }
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund']
  try {
    await run('npm', [...args, `${packageName}@${major}`], { timeout: installMs })
  } catch {
    return { name, path: undefined }
  }
  return { name, path: canRun(path) ? path : undefined }
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
