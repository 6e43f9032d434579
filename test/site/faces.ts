/** The faces of the package, with their folder in the reference. */
export const faces: readonly { readonly id: string; readonly file: string }[] = [
  { id: 'main', file: 'src/index.ts' },
  { id: 'gml', file: 'src/gml.ts' },
  { id: 'testing', file: 'src/testing.ts' },
  { id: 'traffic', file: 'src/traffic.ts' },
  { id: 'simulation', file: 'src/simulation.ts' },
  { id: 'recording', file: 'src/recording.ts' },
  { id: 'replication', file: 'src/replication.ts' },
]
