// The page of the replication demo: it joins the game, draws the squares as they are shown, and sends where its player clicks.
import { hasComponent, query } from 'bitecs'
import {
  connectSocket,
  createSocket,
  networkErrorName,
  NetworkSystem,
  sendPacket,
  SocketType,
} from 'bitecs-networking'
import {
  InterpolationSystem,
  joinReplication,
  OwnedBy,
  ReplicationSystem,
  Shown,
  shown,
} from 'bitecs-networking/replication'
import { createGame, fieldSize } from '../game.ts'

const size = 24
const canvas = document.querySelector('canvas')!
const line = document.querySelector('#line')!
const context = canvas.getContext('2d')!
const world = createGame()
const socket = createSocket(world, SocketType.ws)
const at = shown(world, world.Place)

canvas.addEventListener('click', ({ offsetX, offsetY }) => {
  const scale = fieldSize / canvas.clientWidth
  const wish = Uint16Array.of(offsetX * scale, offsetY * scale)
  sendPacket(world, socket, new Uint8Array(wish.buffer))
})

function frame(): void {
  NetworkSystem(world)
  InterpolationSystem(world)
  draw()
  ReplicationSystem(world)
  requestAnimationFrame(frame)
}

function draw(): void {
  context.clearRect(0, 0, fieldSize, fieldSize)
  const squares = query(world, [world.Place, world.Hue, Shown])
  for (const square of squares) {
    const [x, y] = [at.x[square]! - size / 2, at.y[square]! - size / 2]
    context.fillStyle = `hsl(${world.Hue[square]} 70% 50%)`
    context.fillRect(x, y, size, size)
    if (hasComponent(world, square, OwnedBy(socket))) context.strokeRect(x, y, size, size)
  }
}

frame()
const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
const connected = await connectSocket(world, socket, `${scheme}://${location.host}/game`, 0)
const result = connected < 0 ? connected : await joinReplication(world, socket)
line.textContent =
  result < 0 ? `No game: ${networkErrorName(result)}` : 'Click: the square with a border is yours.'
