import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type DocumentPrograms, withDocument } from '../lib/DocumentPrograms.ts'
import { spec } from '../spec.ts'

const document = 'docs/recipes/game-loops.md'

// The libraries are played: what is taken of each is the part of its interface that its manual documents for a game's loop.
const libraries: Readonly<Record<string, string>> = {
  three: `
    globalThis.document = { body: { append() {} } }
    export class BoxGeometry {}
    export class MeshNormalMaterial {}
    export class Mesh {
      position = { set: (x, y, z) => console.log('at', x, y, z) }
      removeFromParent() { console.log('removed') }
    }
    export class WebGLRenderer {
      setSize() {}
      setAnimationLoop(loop) { for (let frame = 0; frame < 3; frame++) setTimeout(() => loop(frame * 16, undefined)) }
      render(scene, camera) { console.log('draws', scene instanceof Scene && camera instanceof PerspectiveCamera) }
    }
    export class Scene { add(mesh) { console.log('added', mesh instanceof Mesh) } }
    export class PerspectiveCamera { position = {} }`,
  phaser: `
    export class Scene {}
    export class Game {
      constructor({ scene: Play }) {
        const scene = new Play()
        for (let frame = 0; frame < 3; frame++) setTimeout(() => { scene.update(frame * 16, 16); console.log('draws', true) })
      }
    }`,
  'pixi.js': `
    globalThis.document = { body: { append() {} } }
    export const UPDATE_PRIORITY = { HIGH: 25, NORMAL: 0, LOW: -25 }
    export class Application {
      async init() {}
      ticker = {
        add(listener, context, priority) {
          for (let frame = 0; frame < 3; frame++)
            setTimeout(() => { listener({ deltaMS: 16 }); console.log('draws', priority > UPDATE_PRIORITY.LOW) })
        },
      }
    }`,
}

function install({ folder }: DocumentPrograms, name: string): void {
  const module = join(folder, 'node_modules', name)
  mkdirSync(module, { recursive: true })
  writeFileSync(join(module, 'package.json'), '{ "type": "module", "main": "index.js" }')
  writeFileSync(join(module, 'index.js'), libraries[name]!)
}

spec('Game loops', (it) => {
  for (const [file, name, call] of [
    ['three.ts', 'three', 'NetworkSystem(world)'],
    ['phaser.ts', 'phaser', 'NetworkSystem(this.world)'],
    ['pixi.ts', 'pixi.js', 'NetworkSystem(world)'],
  ] as const)
    it(
      `${file} :: ticks before each frame`,
      withDocument(document, async (programs) => {
        install(programs, name)
        const program = programs.run(file, { [call]: `(${call}, console.log('tick'))` })
        assert.is(await program.exitCode, 0, program.output)
        assert.is(program.output, 'tick\ndraws true\n'.repeat(3))
      }),
    )

  it(
    'three.ts :: shows an entity by a mesh, as long as it has a position',
    withDocument(document, async (programs) => {
      install(programs, 'three')
      const program = programs.run('three.ts', {
        'onRemove, query }': 'onRemove, query, addComponent, addEntity, removeEntity }',
        'const meshes =': `let [frame, player] = [0, 0]
          function play() {
            frame++
            if (frame === 1) {
              player = addEntity(world)
              addComponent(world, player, Position)
              Position.x[player] = 3
              Position.y[player] = 4
            }
            if (frame === 3) removeEntity(world, player)
          }
          const meshes =`,
        'NetworkSystem(world)': 'play()',
      })
      assert.is(await program.exitCode, 0, program.output)
      const shown = 'at 3 4 0\ndraws true\n'
      assert.is(program.output, `added true\n${shown}${shown}removed\ndraws true\n`)
    }),
  )

  it(
    'steps.ts :: steps as often as the time of frames allows',
    withDocument(document, async (programs) => {
      const program = programs.run('steps.ts', {
        'let owedMs = 0': `let owedMs = 0
          setTimeout(() => {
            for (const deltaMs of [10, 10, 10, 40, 60_000]) {
              let steps = 0
              runSteps(deltaMs, () => steps++)
              console.log(steps)
            }
          })`,
      })
      assert.is(await program.exitCode, 0, program.output)
      assert.is(program.output, '0\n1\n0\n3\n15\n')
    }),
  )
})
