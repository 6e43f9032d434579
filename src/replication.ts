// The face bitecs-networking/replication: the entities of a server in the worlds of its clients.

export { OwnedBy } from '../components/OwnedBy.ts'
export { Replication, type ReplicationStore } from '../components/Replication.ts'
export { Joined, Remote, Replicated, Shown } from '../components/replicationTags.ts'
export { InterpolationSystem } from '../systems/InterpolationSystem.ts'
export { ReplicationSystem } from '../systems/ReplicationSystem.ts'

export { type Aos, aos } from './replicator/aos.ts'
export { type ComponentOptions } from './replicator/ComponentOptions.ts'
export { type Declaration, type FieldTypes } from './replicator/declareComponents.ts'
export { type ServeOptions } from './replicator/Host.ts'
export { joinReplication } from './replicator/joinReplication.ts'
export { entityOf, netIdOf } from './replicator/netIds.ts'
export { replicate } from './replicator/replicate.ts'
export { serveReplication } from './replicator/serveReplication.ts'
export { shown } from './replicator/shown.ts'

export { type FieldKind, type FieldType } from './replication/FieldType.ts'
export {
  angle,
  bits,
  bool,
  f32,
  f64,
  i16,
  i32,
  i8,
  oneOf,
  quaternion,
  range,
  ref,
  text,
  u16,
  u32,
  u8,
} from './replication/fieldTypes.ts'
