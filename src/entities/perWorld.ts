import type { World } from 'bitecs'

/**
 * A component with data: the function is the component's identity (`query(world, [Socket])`) and gives the
 * store of one world (`Socket(world).port[entity]`). Two worlds hand out the same entity ids, so a store
 * that all worlds shared would mix them up.
 */
export function perWorld<Store>(createStore: () => Store): (world: World) => Store {
  const stores = new WeakMap<object, Store>()
  return (world) => {
    let store = stores.get(world)
    if (store === undefined) {
      store = createStore()
      stores.set(world, store)
    }
    return store
  }
}
