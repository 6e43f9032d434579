/** What a Networking event tells: the value of `asyncLoad.type`, GameMaker's `network_type_*`. */
export const NetworkType = {
  connect: 1,
  disconnect: 2,
  data: 3,
  nonBlockingConnect: 4,
} as const

export type NetworkType = (typeof NetworkType)[keyof typeof NetworkType]
