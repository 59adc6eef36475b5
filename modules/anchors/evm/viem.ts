/** viem is an optional install: only nodes that anchor on a chain need it. */

type Viem = Pick<typeof import('viem'), 'encodeFunctionData' | 'decodeFunctionResult' | 'getContractAddress' | 'keccak256' | 'toHex'> &
  Pick<typeof import('viem/accounts'), 'privateKeyToAccount'>

let loaded: Promise<Viem> | undefined

/** @throws Error that says how to add it */
export function loadViem(): Promise<Viem> {
  loaded ??= Promise.all([import('viem'), import('viem/accounts')]).then(
    ([{ encodeFunctionData, decodeFunctionResult, getContractAddress, keccak256, toHex }, { privateKeyToAccount }]) => ({
      encodeFunctionData,
      decodeFunctionResult,
      getContractAddress,
      keccak256,
      toHex,
      privateKeyToAccount,
    }),
    () => {
      loaded = undefined
      throw new Error('anchoring on a chain needs the package viem; add it with: npm install --no-save viem@2.57.20')
    },
  )
  return loaded
}
