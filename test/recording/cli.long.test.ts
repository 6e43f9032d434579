import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as assert from 'uvu/assert'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { CliProgram } from '../cli/CliProgram.ts'
import { spec } from '../spec.ts'

/** A game that can be recorded, and replayed: it answers what it gets, and more from `changedAt` on. */
const game = (changedAt: number): string => `
import { addEntity, createWorld } from 'bitecs'
import { createServer, NetworkSystem, NetworkType, onNetworking, readText, sendPacket, SocketType } from 'bitecs-networking'
export default (prepare) => {
  const world = createWorld()
  prepare(world)
  const server = createServer(world, SocketType.tcp, 0)
  let now = 0
  onNetworking(world, addEntity(world), (_, __, asyncLoad) => {
    if (asyncLoad.type === NetworkType.data)
      sendPacket(world, asyncLoad.id, readText(asyncLoad.buffer) + (now >= ${changedAt} ? '!' : '.'))
  })
  const step = (tick) => {
    now = tick
    NetworkSystem(world)
  }
  return Object.assign(step, { world, server })
}`

const record = `
import { createWriteStream } from 'node:fs'
import { createWorld } from 'bitecs'
import { closeNetwork, connectSocket, createSocket, NetworkSystem, sendPacket, Socket, SocketType } from 'bitecs-networking'
import { recordNetwork } from 'bitecs-networking/recording'
import start from './game.mjs'
const file = createWriteStream(process.argv[2])
let recording
const step = start((world) => (recording = recordNetwork(world, file)))
const players = createWorld()
const socket = createSocket(players, SocketType.tcp)
let isJoined = false
void connectSocket(players, socket, '127.0.0.1', Socket(step.world).port[step.server]).then(() => (isJoined = true))
for (let tick = 1; tick <= 100; tick++) {
  if (isJoined) sendPacket(players, socket, 'message ' + tick)
  NetworkSystem(players)
  await new Promise((resolve) => setImmediate(resolve))
  step(tick)
}
recording.stop()
closeNetwork(players)
closeNetwork(step.world)
file.on('close', () => console.log('recorded'))
`

/** Makes a folder in which the package is found, with a recording of the game. */
async function withRecording(play: (folder: string, file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(resolve('build'), 'recording-'))
  try {
    const file = join(folder, 'game.bnrec')
    writeFileSync(join(folder, 'game.mjs'), game(Infinity))
    writeFileSync(join(folder, 'changed.mjs'), game(60))
    writeFileSync(join(folder, 'record.mjs'), record)
    const program = new NodeProgram(join(folder, 'record.mjs'), [file])
    await program.says('recorded')
    await play(folder, file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function run(args: readonly string[]): Promise<CliProgram> {
  const program = new CliProgram(args)
  await program.waitFor(() => program.exitCode !== undefined)
  return program
}

async function playsItAgain(folder: string, file: string): Promise<void> {
  const same = await run(['replay', file, join(folder, 'game.mjs')])
  assert.match(same.errors, /^100 ticks replayed in [\d.]+ s: no difference\n$/)
  assert.is(same.exitCode, 0)
  const changed = await run(['replay', file, join(folder, 'changed.mjs'), '--json'])
  const { ticks, difference } = JSON.parse(changed.output) as {
    ticks: number
    difference: { tick: number; offset: number; recorded: string; replayed: string }
  }
  assert.is(changed.exitCode, 1)
  assert.is(difference.tick, ticks)
  assert.ok(ticks >= 60 && ticks < 70, changed.output)
  assert.is(difference.recorded.slice(difference.offset * 2).slice(0, 2), '2e')
  assert.is(difference.replayed.slice(difference.offset * 2).slice(0, 2), '21')
}

async function showsIt(folder: string, file: string): Promise<void> {
  const page = join(folder, 'page.html')
  const shown = await run(['inspect', file, '--html', page])
  assert.is(shown.exitCode, 0, shown.errors)
  assert.match(shown.output, /^100 ticks in [\d.]+ s, \d+ events, \d+ bytes\n/)
  assert.match(shown.output, /tcp server +port \d+/)
  assert.match(shown.output, /tcp accepted +127\.0\.0\.1:\d+/)
  assert.match(readFileSync(page, 'utf8'), /^<!doctype html>.*<svg .*tcp accepted/s)
  const whole = readFileSync(file)
  writeFileSync(file, whole.subarray(0, whole.length - 5))
  const cut = await run(['inspect', file])
  assert.match(cut.output, /missing, at byte \d+ of the recording/)
  assert.is(cut.exitCode, 1)
}

spec('recordings on the command line', (it) => {
  it('plays one into the game it is of, and into one that was changed, and shows what is in it', () =>
    withRecording(async (folder, file) => {
      await playsItAgain(folder, file)
      await showsIt(folder, file)
    }))

  it('refuses what is no recording, and no game', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recording-'))
    const file = join(folder, 'other')
    try {
      writeFileSync(file, 'something else that is long enough')
      for (const args of [
        ['inspect', file],
        ['inspect', join(folder, 'nothing')],
        ['replay', file, join(folder, 'nothing.mjs')],
        ['replay', file],
      ]) {
        const program = await run(args)
        assert.is(program.exitCode, 2, program.output)
        assert.match(program.errors, /^error: /)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
