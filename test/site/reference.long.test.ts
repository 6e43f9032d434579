import * as assert from 'uvu/assert'
import * as gml from '../../src/gml.ts'
import * as main from '../../src/index.ts'
import * as testing from '../../src/testing.ts'
import * as traffic from '../../src/traffic.ts'
import { spec } from '../spec.ts'
import { descriptionOf, exportsOf, lettersOf } from './faceExports.ts'
import { buildSite, type Site } from './runSite.ts'

const faces = [
  { page: 'api/main.html', file: 'src/index.ts', values: main },
  { page: 'api/gml.html', file: 'src/gml.ts', values: gml },
  { page: 'api/testing.html', file: 'src/testing.ts', values: testing },
  { page: 'api/traffic.html', file: 'src/traffic.ts', values: traffic },
]

let built: Promise<Site> | undefined
const site = (): Promise<Site> => (built ??= buildSite())

/** The piece of a page about one name: from its anchor to the next entry. */
function entryOf(html: string, name: string): string {
  const [, ...after] = html.split(` id="${name}"`)
  assert.is(after.length, 1, `${name} has one anchor`)
  return after[0]!.split(/<article|<tr id=|<\/section>/)[0]!
}

function plain(html: string): string {
  return html
    .replaceAll(/<span class="language">\w+<\/span>|<[^>]*>/g, '')
    .replaceAll(/&(?:lt|gt|amp|quot|#39);/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

spec('the API reference', (it) => {
  for (const { page, file, values } of faces) {
    it(`${file} :: has doc comments everywhere`, () => {
      const bare = exportsOf(file).filter(({ comment }) => comment === '')
      assert.equal(
        bare.map(({ name }) => name),
        [],
      )
    })

    it(`${file} :: has an entry for each name, with its description`, async () => {
      const html = (await site()).read(page)
      const names = exportsOf(file)
      const known = new Set(names.map(({ name }) => name))
      assert.equal(
        Object.keys(values).filter((name) => !known.has(name)),
        [],
      )
      for (const { name, comment } of names) {
        const text = lettersOf(plain(entryOf(html, name)))
        assert.ok(text.includes(lettersOf(descriptionOf(comment))), `${name} is described`)
      }
    })
  }

  it('tells signature, parameters, result, errors and source of a function', async () => {
    const entry = entryOf((await site()).read('api/main.html'), 'createServer')
    const text = plain(entry)
    for (const part of [
      'options: ServerOptions = {}',
      ': EntityId | NetworkError',
      'Parameters',
      '0..65535; 0 takes a free one',
      'Returns',
      'a negative NetworkError at once, portUnavailable if the port is taken',
      'Throws',
      'TypeError for arguments of a wrong type',
      'src/api/createServer.ts',
    ])
      assert.ok(text.includes(part), `${part} is told`)
    assert.match(entry, /href="\.\.\/source\/src\/api\/createServer\.ts\.html#L\d+"/)
    assert.ok(entry.includes('href="main.html#ServerOptions"'), 'a type of the signature is a link')
    assert.ok(entry.includes('href="gml.html#network_create_server"'), 'a name in the text is one')
  })

  it('tells the members of constants, settings and events', async () => {
    const html = (await site()).read('api/main.html')
    const codes = plain(entryOf(html, 'NetworkError'))
    assert.ok(codes.includes('portUnavailable-2The port is already taken'))
    const settings = plain(entryOf(html, 'NetworkConfig'))
    assert.match(settings, /connectTimeoutMs: number ?How long.*Default: 4,000 ms\./)
    assert.match(settings, /clientMessageBytesMax: number ?Largest.*Default: 64 MiB\./)
    const event = plain(entryOf(html, 'DataLoad'))
    assert.match(event, /buffer: NetworkBuffer ?The message, at position 0/)
    assert.not.match(event, /The library calls this/)
    const constant = plain(entryOf((await site()).read('api/gml.html'), 'buffer_u64'))
    assert.match(constant, /buffer_u6412 ?8 bytes\. Read as a bigint/)
  })

  it('shows overloads together', async () => {
    const entry = plain(entryOf((await site()).read('api/main.html'), 'setNetworkConfig'))
    assert.is(entry.split('function setNetworkConfig').length - 1, 2)
  })

  it('has an index of all names', async () => {
    const html = (await site()).read('api/index.html')
    for (const { page, file } of faces)
      for (const { name } of exportsOf(file))
        assert.ok(html.includes(`href="${page.slice(4)}#${name}"`), name)
  })

  it('is taken away again', async () => {
    ;(await site()).remove()
  })
})
