import * as assert from 'uvu/assert'
import * as fc from 'fast-check'
import { CliError } from '../../src/cli/CliError.ts'
import { readLines } from '../../src/cli/readLines.ts'
import { spec } from '../spec.ts'

/** Whatever is given, and what has been taken of it. */
class Source {
  taken = 0
  readonly #chunks: readonly string[]

  constructor(...chunks: string[]) {
    this.#chunks = chunks
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (const chunk of this.#chunks) {
      this.taken++
      yield await Promise.resolve(Buffer.from(chunk, 'latin1'))
    }
  }
}

async function linesOf(source: Source, lineBytesMax?: number): Promise<string[]> {
  const lines: string[] = []
  for await (const line of readLines(source, lineBytesMax))
    lines.push(Buffer.from(line).toString('latin1'))
  return lines
}

spec('command line: readLines', (it) => {
  for (const [text, lines] of [
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['\n\n', ['', '']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a\rb\n', ['a\rb']],
    ['a\r\r\n', ['a\r']],
    ['\u0000\u0085\u00ff\n', ['\u0000\u0085\u00ff']],
  ] as const)
    it(`${JSON.stringify(text)} :: has the lines ${JSON.stringify(lines)}, however it comes`, async () => {
      assert.equal(await linesOf(new Source(text)), lines)
      assert.equal(await linesOf(new Source(...text)), lines)
    })

  it('loses no byte, however it comes', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\0') })), (chunks) =>
        linesOf(new Source(...chunks)).then((lines) =>
          assert.is(
            [...lines, ''].join('\n').replace(/\n$/, ''),
            chunks.join('').replace(/\n$/, ''),
          ),
        ),
      ),
    ))

  it('takes no more than is asked for', async () => {
    const source = new Source('a\nb\n', 'c\n', 'd\n')
    const lines = readLines(source)
    for (const taken of [1, 1, 2]) {
      await lines.next()
      assert.is(source.taken, taken)
    }
    await lines.return()
  })

  it('refuses a line that is too long', async () => {
    assert.equal(await linesOf(new Source('1234\n', '12', '34\n', '1234'), 4), [
      '1234',
      '1234',
      '1234',
    ])
    const error: unknown = await linesOf(new Source('123', '45'), 4).catch(
      (thrown: unknown) => thrown,
    )
    assert.instance(error, CliError)
    assert.is((error as CliError).message, 'a line of the input is longer than 4 bytes')
  })
})
