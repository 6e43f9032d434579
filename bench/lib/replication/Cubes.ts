// A scene of cubes, some of which move: the same numbers for everyone who encodes them.
import { createRandom } from 'bitecs-networking/simulation'

export const fieldNames = ['x', 'y', 'z', 'qx', 'qy', 'qz', 'qw', 'awake'] as const
export type FieldName = (typeof fieldNames)[number]

export interface Cubes {
  readonly count: number
  /** By cube: place, rotation, and whether it moves, 0 or 1. */
  readonly values: Readonly<Record<FieldName, number[]>>
  /** A sixtieth of a second passes. */
  step(): void
}

/** Makes cubes on a floor, of which always so many move: they fall, bounce, turn, and come to rest at random. */
export function createCubes(seed: number, count: number, movingCount: number): Cubes {
  const random = createRandom(seed)
  const column = (of: (cube: number) => number): number[] =>
    Array.from({ length: count }, (_, cube) => of(cube))
  const values: Record<FieldName, number[]> = {
    x: column((cube) => (cube % 30) * 2 - 30),
    y: column((cube) => Math.floor(cube / 30) * 2 - 30),
    z: column(() => 0.5),
    qx: column(() => 0),
    qy: column(() => 0),
    qz: column(() => 0),
    qw: column(() => 1),
    awake: column(() => 0),
  }
  const speeds = column(() => 0).map(() => [0, 0, 0, 0, 0, 0])
  const moving = new Set<number>()
  const between = (width: number): number => (random() - 0.5) * width
  return {
    count,
    values,
    step() {
      while (moving.size < movingCount) {
        const cube = Math.floor(random() * count)
        if (moving.has(cube)) continue
        moving.add(cube)
        speeds[cube] = [between(8), between(8), random() * 4, between(6), between(6), between(6)]
      }
      for (const cube of moving) {
        move(values, cube, speeds[cube]!)
        values.awake[cube] = 1
        if (random() < 1 / 120) {
          moving.delete(cube)
          values.awake[cube] = 0
        }
      }
    },
  }
}

function move(values: Readonly<Record<FieldName, number[]>>, cube: number, speed: number[]): void {
  const { x, y, z, qx, qy, qz, qw } = values
  const [dx, dy, dz, a, b, c] = speed as [number, number, number, number, number, number]
  x[cube]! += dx / 60
  y[cube]! += dy / 60
  z[cube]! += dz / 60
  speed[2] = dz - 9.8 / 60
  if (z[cube]! < 0.5) {
    z[cube] = 0.5
    speed[2] = -dz * 0.5
    speed[0] = dx * 0.8
    speed[1] = dy * 0.8
  }
  const [i, j, k, w] = [qx[cube]!, qy[cube]!, qz[cube]!, qw[cube]!]
  const half = 0.5 / 60
  const turned = [
    i + half * (a * w + b * k - c * j),
    j + half * (b * w + c * i - a * k),
    k + half * (c * w + a * j - b * i),
    w - half * (a * i + b * j + c * k),
  ]
  const length = Math.hypot(...turned)
  for (const [at, column] of [qx, qy, qz, qw].entries()) column[cube] = turned[at]! / length
}
