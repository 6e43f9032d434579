import { existsSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { specWith } from '../lib/specWith.ts'
import { RawListener } from '../lib/RawListener.ts'
import { type CliProgram, withPrograms, type Wrapping } from './CliProgram.ts'

// In another system it has other options.
const script = process.platform === 'linux' ? '/usr/bin/script' : ''
const terminals = { name: 'script of Linux', path: existsSync(script) ? script : undefined }

// Without `exec` a shell such as dash stays above the program and answers Ctrl+C with an exit code of its own.
const inTerminal: Wrapping = (words) => [script, '-qec', `exec ${words.join(' ')}`, '/dev/null']

/** Whether the last prompt has been cleared away, so that the shell's begins a line. */
function hasNoPrompt({ output }: CliProgram): boolean {
  return output.lastIndexOf('\u001b[2K') > output.lastIndexOf('> ')
}

specWith(terminals, 'npx bitecs-networking in a terminal', (it) => {
  it(
    'prints events in colour above what is being typed, and ends by /quit',
    withPrograms(async (programs) => {
      const server = await programs.listen('tcp 0', { TERM: 'xterm' }, inTerminal)
      await server.prints('> ')
      server.type(Buffer.from('hel'))
      await server.prints('hel')
      const client = programs.run(`connect tcp://localhost:${server.port}`)
      await server.prints('\u001b[32mconnect')
      await server.waitFor(() =>
        server.output.slice(server.output.lastIndexOf('connect')).includes('hel'),
      )
      server.type(Buffer.from('lo\r'))
      await client.prints('"hello\\0"')
      server.type(Buffer.from('/quit\r'))
      await server.ends(0)
    }),
  )

  it(
    'ends by Ctrl+C and by Ctrl+D',
    withPrograms(async (programs) => {
      const server = await programs.listen('ws 0', { TERM: 'xterm' }, inTerminal)
      await server.prints('> ')
      const target = `ws://localhost:${server.port}`
      const client = programs.run(`connect ${target} --wait 0`, { TERM: 'xterm' }, inTerminal)
      await client.prints('> ')
      client.type(Buffer.from('hé\r'))
      await server.prints('"hé\\0"')
      client.type(Buffer.from('\u0004'))
      await client.ends(0)
      assert.ok(hasNoPrompt(client), client.output)
      server.type(Buffer.from('\u0003'))
      await server.ends(0)
      assert.ok(hasNoPrompt(server), server.output)
    }),
  )

  it(
    'ends by Ctrl+C while it connects',
    withPrograms(async (programs) => {
      const silent = await RawListener.listen()
      programs.add({ kill: () => silent.close() })
      const target = `tcp://localhost:${silent.port} --timeout 20000`
      const client = programs.run(`connect ${target}`, { TERM: 'xterm' }, inTerminal)
      await silent.accept()
      client.type(Buffer.from('\u0003'))
      await client.ends(0)
      assert.not.match(client.output, 'error')
    }),
  )
})
