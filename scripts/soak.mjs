// Runs rows of docs/reliability.md at full size, and keeps what they measured in build/soak.
//
//   node scripts/soak.mjs R-09 R-14   those rows
//   node scripts/soak.mjs --all       all rows
//   node scripts/soak.mjs --list      what each row runs, and how much of it is done
//
// A part that has passed is not run again for the same code, so that a soak that was stopped goes on where it was.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rows } from './soak/rows.mjs'

const folder = join('build', 'soak')
const defaultLimitS = 600
const wanted = process.argv.slice(2)
const code = codeId()

if (wanted.includes('--list')) for (const row of Object.keys(rows)) list(row)
else await soak(wanted.includes('--all') ? Object.keys(rows) : wanted)

async function soak(names) {
  const unknown = names.filter((name) => !(name in rows))
  if (names.length === 0 || unknown.length > 0) {
    console.error(
      names.length === 0
        ? 'Usage: npm run soak -- ROW …, or --all, or --list'
        : `No row ${unknown.join(', ')}. There are ${Object.keys(rows).join(', ')}.`,
    )
    process.exit(2)
  }
  mkdirSync(folder, { recursive: true })
  let failures = 0
  for (const row of names)
    for (const run of rows[row]) failures += (await soakTest(row, run)) ? 0 : 1
  process.exitCode = failures === 0 ? 0 : 1
}

/** Runs what is left of a test's parts; returns whether all have passed. */
async function soakTest(row, { test, parts = 1, limitS = defaultLimitS }) {
  const record = readRecord(row, test)
  for (let part = 1; part <= parts; part++) {
    const name = `${row}  ${test}  part ${part} of ${parts}`
    if (record.parts[part] !== undefined) {
      console.log(`done  ${name}`)
      continue
    }
    const seed = Math.floor(Math.random() * 1e9)
    const { ok, figures, output, seconds } = await runPart(row, test, { parts, limitS, seed })
    console.log(`${ok ? 'ok   ' : 'FAIL '} ${name}  seed ${seed}  ${seconds.toFixed(0)} s`)
    for (const line of figures) console.log(`      ${line}`)
    if (!ok) {
      console.log(output)
      return false
    }
    record.parts[part] = { seed, seconds: Math.round(seconds), figures }
    writeFileSync(recordPath(row, test), `${JSON.stringify(record, null, 2)}\n`)
  }
  return true
}

function runPart(row, test, { parts, limitS, seed }) {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', '--expose-gc', builtFile(test)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          SIZE: 'soak',
          PARTS: String(parts),
          SEED: process.env.SEED ?? String(seed),
          FORCE_COLOR: '0',
        },
      },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += chunk))
    const timer = setTimeout(() => child.kill('SIGKILL'), limitS * 1000)
    child.on('close', (exitCode) => {
      clearTimeout(timer)
      // The name of a suite and a sign for each case that has passed may stand in front of one.
      const figures = output.match(new RegExp(`\\b${row}: .*`, 'g')) ?? []
      // A row without a figure has measured nothing.
      const ok = exitCode === 0 && figures.length > 0
      resolve({ ok, figures, output, seconds: (performance.now() - started) / 1000 })
    })
  })
}

function list(row) {
  for (const { test, parts = 1 } of rows[row]) {
    const done = Object.keys(readRecord(row, test).parts).length
    console.log(`${row}  ${test}  ${done} of ${parts} done`)
  }
}

function builtFile(test) {
  const paths = ['source', 'dist'].map((kind) => join('build', 'test', kind, `${test}.test.js`))
  const found = paths.find((path) => existsSync(path))
  if (found === undefined) throw new Error(`${test}.test.ts is not built`)
  return found
}

function recordPath(row, test) {
  return join(folder, `${row}-${test.replaceAll('/', '-')}.json`)
}

/** What is done already, if it was this code. */
function readRecord(row, test) {
  const path = recordPath(row, test)
  const fresh = { row, test, code, date: new Date().toISOString().slice(0, 10), parts: {} }
  if (!existsSync(path)) return fresh
  const kept = JSON.parse(readFileSync(path, 'utf8'))
  return kept.code === code ? kept : fresh
}

/** What names the library's code: other commits with the same code go on with what was done. */
function codeId() {
  const trees = ['src', 'systems', 'components'].map((room) => `HEAD:${room}`)
  try {
    const ids = execFileSync('git', ['rev-parse', ...trees], { encoding: 'utf8' })
    return ids
      .trim()
      .split('\n')
      .map((id) => id.slice(0, 8))
      .join('-')
  } catch {
    return 'no git'
  }
}
