// Checks of numbers that GameMaker code gives.

import { wrongType } from '../errors/argumentErrors.ts'

/** Throws a `TypeError` for what is no number. */
export function number(where: string, name: string, value: unknown): number {
  if (typeof value !== 'number') throw wrongType(where, name, 'a number', value)
  return value
}

/** Whether a number can be a port; 0 stands for one that is chosen. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535
}
