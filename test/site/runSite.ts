import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The documentation, built as `npm run docs` does. */
export interface Site {
  /** Where it stands. */
  readonly folder: string
  /** What the script returned. */
  readonly code: number | null
  /** What it printed, line by line. */
  readonly lines: readonly string[]
  readonly read: (address: string) => string
  readonly remove: () => void
}

/** The site of the project's own documents, which must be without fault. */
export async function buildSite(): Promise<Site> {
  const site = await runSite()
  if (site.code === 0) return site
  site.remove()
  throw new Error(site.lines.join('\n'))
}

/** @param documents a folder with other documents than the project's */
export async function runSite(documents?: string): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'site-'))
  const installed = await run([join('scripts', 'ensure-installed.mjs'), join('docs', 'site')])
  const args = [join('docs', 'site', 'build.mjs'), '--out', folder]
  if (documents !== undefined) args.push('--documents', documents)
  const { code, output } = installed.code === 0 ? await run(args) : installed
  return {
    folder,
    code,
    lines: output.trim().split('\n'),
    read: (address) => readFileSync(join(folder, address), 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function run(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output }
}
