// Installs the development dependencies when they are missing or older than package-lock.json,
// so that `npm start` and `npm test` work on a fresh clone.
//
//   node scripts/ensure-installed.mjs [folder of another package of this repository]
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [, , folder = '.'] = process.argv
const root = join(dirname(fileURLToPath(import.meta.url)), '..', folder)
const lock = join(root, 'package-lock.json')
const installed = join(root, 'node_modules', '.package-lock.json')

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  const whose = folder === '.' ? 'the development dependencies' : `what ${folder} needs`
  console.log(`Installing ${whose} (npm ci) …`)
  // What npm has kept of an earlier time is as good: the lock file has a hash of each package.
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', ['ci', ...options], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('\nThe dependencies are not installed. npm says why above; is there a network?')
    process.exit(status ?? 1)
  }
}
