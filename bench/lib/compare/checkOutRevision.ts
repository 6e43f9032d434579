// A revision of this repository in a folder of its own, with its own build of the library and the benchmarks of
// the working tree.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The full name of a commit; rejects when git knows no such one. */
export async function resolveRevision(tree: string, revision: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
  try {
    return (await run('git', args, { cwd: tree })).stdout.trim()
  } catch (error) {
    throw new Error(`git knows no commit ${revision}`, { cause: error })
  }
}

/**
 * Makes the folder, which is removed when this process exits. `import 'bitecs-networking'` in its `build/bench`
 * is the revision's library, because the nearest package.json is the revision's.
 *
 * @param tree the folder of the working tree, whose benchmarks are built
 */
export async function checkOutRevision(tree: string, commit: string): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bitecs-networking-compare-')))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const archive = join(folder, 'revision.tar')
  await run('git', ['archive', '--format=tar', '--output', archive, commit], { cwd: tree })
  await run('tar', ['-xf', 'revision.tar'], { cwd: folder })
  rmSync(archive)
  symlinkSync(realpathSync(join(tree, 'node_modules')), join(folder, 'node_modules'), 'junction')
  await run(process.execPath, ['esbuild.mjs'], { cwd: folder })
  const programs = join(folder, 'build', 'bench')
  rmSync(programs, { recursive: true, force: true })
  mkdirSync(programs, { recursive: true })
  cpSync(join(tree, 'build', 'bench'), programs, { recursive: true })
  return folder
}
