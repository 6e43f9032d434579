import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

// Examples are copied. So each server in the documents and the demos limits what it takes, and nothing that comes from others is
// printed as it is: it may command the terminal.

/** The blocks of JavaScript in documents, and the files of demos, with where they stand. */
const programs: readonly (readonly [where: string, code: string])[] = [
  ...['README.md', ...filesIn('docs')]
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^```(?:ts|js)\n(.*?)^```$/gms)].map(
        ([, code = ''], index): [string, string] => [`${file} ${index + 1}`, code],
      ),
    ),
  ...filesIn('demos')
    .filter((file) => file.endsWith('.ts'))
    .map((file): [string, string] => [file, readFileSync(file, 'utf8')]),
]

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .filter((name) => !name.includes('docs/site/'))
}

/** The arguments of each call of a function, as they are written. */
function callsOf(code: string, name: string): string[] {
  const calls: string[] = []
  const begin = new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}\\(`, 'g')
  for (const { 0: call, index } of code.matchAll(begin)) {
    let depth = 1
    let end = index + call.length
    while (depth > 0 && end < code.length) {
      if (code[end] === '(') depth++
      if (code[end] === ')') depth--
      end++
    }
    calls.push(code.slice(index + call.length, end - 1))
  }
  return calls
}

/** Whether the arguments of a call name a limit, or a constant that does. */
function isLimited(code: string, call: string): boolean {
  if (call.includes('messageBytesMax')) return true
  return (call.match(/\b[a-z]\w*\b/g) ?? []).some((name) =>
    new RegExp(`const ${name} = \\{[^}]*messageBytesMax`).test(code),
  )
}

const readText =
  /\b(?:readText\(|readBuffer\([^()]*BufferType\.(?:string|text)\)|buffer_read\((?:[^()]|\([^()]*\))*buffer_(?:string|text)\))/

/** What a call prints as it came: a text that was read, or a constant that holds one. */
function printsRaw(code: string, call: string): boolean {
  const names = [...code.matchAll(/const (\w+) = ([^\n]*)/g)]
    .filter(([, , value = '']) => readText.test(value) && !isClean(value))
    .map(([, name = '']) => name)
  const [format = ''] = /^\s*(['"`]).*?\1/s.exec(call) ?? []
  const holes = call.slice(format.length)
  const templates = [...call.matchAll(/\$\{([^}]*)\}/g)].map(([, hole = '']) => hole)
  const isText = (piece: string): boolean =>
    (readText.test(piece) || names.some((name) => new RegExp(`\\b${name}\\b`).test(piece))) &&
    !isClean(piece)
  if (templates.some(isText)) return true
  return isText(holes) && !format.includes('%O')
}

/** Whether control characters are taken out, or a text is only measured. */
function isClean(piece: string): boolean {
  return /\b(?:clean|printable|inspect)\(|replaceAll\(|\.length\b/.test(piece)
}

spec('examples', (it) => {
  it('are found', () => {
    assert.ok(programs.length > 40, String(programs.length))
    const servers = programs.flatMap(([, code]) => callsOf(code, 'createServer'))
    assert.ok(servers.length > 20, String(servers.length))
    const printing = programs.flatMap(([, code]) => callsOf(code, 'console.log'))
    assert.ok(printing.filter((call) => call.includes('%O')).length > 10)
  })

  for (const [where, code] of programs) {
    const servers = /from 'node:http'/.test(code) ? /createServer as / : /^/
    if (servers.test(code) && code.includes("from 'bitecs-networking'"))
      for (const call of callsOf(code, 'createServer'))
        it(`${where} :: limits messages: createServer(${call.slice(0, 60)})`, () => {
          assert.ok(isLimited(code, call))
        })
    if (
      code.includes('network_create_server,') ||
      /import \{.*\bnetwork_create_server\b/.test(code)
    )
      it(`${where} :: limits messages: network_create_server`, () => {
        const limits = callsOf(code, 'network_set_config')
        assert.ok(limits.some((call) => call.startsWith('network_config_message_size_limit')))
      })
    const printed = ['console.log', 'console.error', 'runner.show_debug_message'].flatMap((name) =>
      callsOf(code, name),
    )
    if (printed.length > 0)
      it(`${where} :: prints nothing as it came`, () => {
        for (const call of printed) assert.not(printsRaw(code, call), call)
      })
  }

  it('that print or take too much are found', () => {
    const call = "'%d says', id, readText(buffer)"
    assert.ok(printsRaw('', call))
    assert.not(printsRaw('', call.replace('says', 'says %O')))
    const code = 'const text = readBuffer(buffer, BufferType.string)\n'
    assert.ok(printsRaw(code, 'text'))
    assert.ok(printsRaw(code, '`${id} says ${text}`'))
    assert.ok(printsRaw(code, "'says %O', `${text}`"))
    assert.not(printsRaw(code, 'clean(text)'))
    assert.ok(printsRaw('', 'buffer_read(ds_map_find_value(async_load, "buffer"), buffer_string)'))
    assert.not(isLimited('', 'world, type, 0'))
    assert.not(isLimited('const limits = { maxClients: 3 }', 'world, type, 0, limits'))
    assert.ok(isLimited('const limits = { maxClients: 3, messageBytesMax: 4 }', 'world, 0, limits'))
  })
})
