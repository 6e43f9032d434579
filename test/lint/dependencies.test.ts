// What a program gets that installs the package. `npm audit` is not run: not every registry answers it (405 of one that only
// serves packages). The least versions below stand for it, and are to be raised with each advisory.

import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { figure } from '../lib/row.ts'
import { spec } from '../spec.ts'

interface LockedPackage {
  readonly version: string
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
}

interface PackageFile {
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
}

const packageFile = JSON.parse(readFileSync('package.json', 'utf8')) as PackageFile
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, LockedPackage>>
}

/** By its path, whatever of the lock file a program gets. */
const inProduction = Object.entries(packages).filter(
  ([path, { dev }]) => path !== '' && dev !== true,
)

/** The least version of each. ws 8.21.0 mended CVE-2026-48779. */
const leastVersions: Readonly<Record<string, string>> = {
  '@noble/hashes': '2.0.0',
  pako: '3.0.0',
  ws: '8.21.0',
}

const partsOf = (version: string): number[] => version.split('.').map(Number)

function isAtLeast(version: string, least: string): boolean {
  const parts = partsOf(version)
  const at = partsOf(least).findIndex((part, index) => part !== parts[index])
  return at < 0 || parts[at]! > partsOf(least)[at]!
}

spec('dependencies', (it) => {
  it('are three packages, which depend on nothing', () => {
    const names = inProduction.map(([path]) => path.replace(/^node_modules\//, ''))
    assert.equal(names, Object.keys(leastVersions))
    assert.equal(Object.keys(packageFile.dependencies), names)
    for (const [path, { dependencies = {} }] of inProduction) assert.equal(dependencies, {}, path)
    assert.equal(Object.keys(packageFile.peerDependencies), ['bitecs'])
  })

  it('run no scripts when they are installed, nor does the package', () => {
    for (const [path, { hasInstallScript = false }] of inProduction)
      assert.not.ok(hasInstallScript, path)
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
      assert.is(packageFile.scripts[name], undefined, name)
  })

  it('are in the lock file, and in the range of the package, no older than they may be', () => {
    for (const [path, { version }] of inProduction) {
      const name = path.replace(/^node_modules\//, '')
      const range = packageFile.dependencies[name]!
      assert.match(range, /^\^\d+\.\d+\.\d+$/)
      assert.ok(isAtLeast(range.slice(1), leastVersions[name]!), `${name} ${range}`)
      assert.ok(isAtLeast(version, range.slice(1)), `${name} ${version}`)
    }
    const versions = inProduction.map(
      ([path, { version }]) => `${path.split('node_modules/')[1]} ${version}`,
    )
    figure('R-30', `${versions.join(', ')}: no install scripts, nothing below them`)
  })
})
