/** An empty message: nothing can change it, so that all can share it. */
export const noBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0)
