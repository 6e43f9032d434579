import * as main from 'bitecs-networking'
import * as gml from 'bitecs-networking/gml'
import { gml_profile, gml_setting, type GmlProfile, type GmlSettings } from 'bitecs-networking/gml'
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

// What the tables of the porting guide say is so.

const guide = readFileSync('docs/porting.md', 'utf8')
const gmlFace: Record<string, unknown> = { ...gml }
const mainFace: Record<string, unknown> = { ...main }
/** Words in the guide that look like names of GameMaker's. */
const notNames: readonly string[] = ['ds_list', 'ds_map']

/** All settings. The compiler sees to it that none is missing. */
const settingNames: Record<keyof GmlSettings, true> = {
  event_keys: true,
  event_port: true,
  event_ip: true,
  event_buffer: true,
  client_disconnect: true,
  malformed: true,
  max_client: true,
  packet_result: true,
  early_sends: true,
  connect_event: true,
  unknown_socket: true,
  unknown_buffer: true,
  unknown_structure: true,
  past_end: true,
  seek: true,
  bool: true,
  bool_read: true,
  u64: true,
  results: true,
  decompress_bytes_max: true,
}
const names = Object.keys(settingNames) as (keyof GmlSettings)[]

/** All profiles, in the order of the table's columns. */
const profileColumns: Record<GmlProfile, number> = {
  default: 2,
  manual: 3,
  native: 4,
  html5: 5,
  '2018': 6,
}
const profiles = Object.entries(profileColumns) as [GmlProfile, number][]

/** The rows of a table under a heading, each a list of cells. */
function rowsUnder(heading: string): string[][] {
  const [, section] = guide.split(new RegExp(`^#+ ${heading}$`, 'm'))
  if (section === undefined) throw new Error(`no heading ${heading}`)
  const lines = section.split(/^#+ /m)[0]!.split('\n')
  return lines
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}

/** What stands as code in a cell. */
function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
}

/** A value as the tables write it. */
function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

/** The row of a setting. */
function rowOf(name: keyof GmlSettings): string[] {
  const row = rowsUnder('Settings').find(([cell]) => cell === `\`${name}\``)
  if (row === undefined) throw new Error(`no row ${name}`)
  return row
}

/** The value of a setting in a profile. */
function valueIn(profile: GmlProfile, name: keyof GmlSettings): unknown {
  gml_profile(profile)
  const value = gml_setting(name, anyValue(name))
  gml_profile('default')
  return value
}

/** A value that the setting takes, whichever it is. */
function anyValue(name: keyof GmlSettings): never {
  const [first] = codeIn(rowOf(name)[1]!)
  if (first === undefined) return 1 as never
  return (first.startsWith("'") ? first.slice(1, -1) : first === 'true') as never
}

/** The names in a section's table, of both columns. */
function namesUnder(heading: string): string[] {
  return rowsUnder(heading)
    .flatMap((row) => row.flatMap(codeIn))
    .map((code) => /^\w+/.exec(code)?.[0] ?? '')
}

/** What a function throws. */
function messageOf(run: () => void): string {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

spec('the porting guide :: its tables', (it) => {
  it('have every name of the gml face', () => {
    const known = new Set(
      ['Network', 'Events', 'Buffers', 'Maps, lists and JSON', 'Strings'].flatMap(namesUnder),
    )
    const missing = Object.keys(gmlFace).filter((name) => !known.has(name))
    assert.equal(missing, [])
  })

  it('have no other name of that kind', () => {
    const words =
      guide.match(/\b(network|buffer|ds|json|gml|ev|event|os|async)_[a-z][a-z0-9_]*[a-z0-9]/g) ?? []
    const settings = new Set<string>(names)
    const unknown = words.filter(
      (word) => !(word in gmlFace) && !settings.has(word) && !notNames.includes(word),
    )
    assert.equal(unknown, [])
    assert.ok(words.length > 300)
  })

  it('tell functions of the main face that there are', () => {
    const cells = ['Network', 'Events', 'Buffers']
      .flatMap((heading) => rowsUnder(heading).map(([, cell]) => cell!))
      .filter((cell) => !cell.startsWith('-'))
    const words = cells.flatMap(codeIn).map((code) => /^\w+/.exec(code)![0])
    const other = ['false', 'gml', 'Uint8Array', 'AsyncLoad']
    const unknown = words.filter((word) => !(word in mainFace) && !other.includes(word))
    assert.equal(unknown, [])
    assert.ok(words.length > 60)
  })

  it('tell constants of the main face with the same numbers', () => {
    let count = 0
    for (const [left, right] of [...rowsUnder('Network'), ...rowsUnder('Buffers')])
      for (const [index, code] of codeIn(right!).entries()) {
        const [, group, member] = /^([A-Z]\w+)\.(\w+)$/.exec(code) ?? []
        if (group === undefined || right!.startsWith('-')) continue
        const name = codeIn(left!)[index]!
        assert.is((mainFace[group] as Record<string, number>)[member!], gmlFace[name], name)
        count++
      }
    assert.ok(count > 20)
  })

  it('tell every setting', () => {
    const rows = rowsUnder('Settings').flatMap(([cell]) => codeIn(cell!))
    const known: string[] = names
    assert.equal(
      rows.filter((row) => !(row in profileColumns)),
      known,
    )
    for (const name of known) assert.match(guide, new RegExp(`^- .*\`${name}\`.*:`, 'm'))
  })

  it('tell every value of every setting', () => {
    for (const name of names) {
      const [, values = ''] = rowOf(name)
      const message = messageOf(() => gml_setting(name, 'no value' as never))
      const expected = codeIn(values).join(' or ').replaceAll("'", '"')
      if (expected === '') assert.match(message, values)
      else assert.ok(message.includes(`must be ${expected}, got`), `${message}\n${expected}`)
    }
  })

  it('tell what each profile sets', () => {
    for (const name of names) {
      const byDefault = shown(valueIn('default', name))
      for (const [profile, column] of profiles) {
        const [cell] = codeIn(rowOf(name)[column]!)
        assert.is(cell ?? byDefault, shown(valueIn(profile, name)), `${name} in ${profile}`)
        // Only what differs stands there.
        if (profile === 'default') assert.is(cell, byDefault, name)
        else assert.is.not(cell, byDefault, `${name} in ${profile}`)
      }
    }
  })

  it('tell every profile', () => {
    const rows = rowsUnder('Settings').flatMap(([cell]) => codeIn(cell!))
    assert.equal(
      rows.filter((row) => row in profileColumns).sort(),
      Object.keys(profileColumns).sort(),
    )
    const header = rowsUnder('Settings').find(([cell]) => cell === 'setting')!
    for (const [profile, column] of profiles)
      assert.is(header[column]!.replaceAll('`', ''), profile)
    const message = messageOf(() => gml_profile('no profile' as never))
    const told = [...message.split(', got')[0]!.matchAll(/"(\w+)"/g)].map(([, name]) => name!)
    assert.equal(told.sort(), Object.keys(profileColumns).sort())
  })
})
