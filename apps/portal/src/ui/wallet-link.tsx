import { Anchor, Center, Stack } from '@mantine/core'
import { renderSVG } from 'uqr'
import { Copyable } from './copyable.tsx'

interface WalletLinkProps {
  /** `openid-credential-offer://…` or `openid4vp://…`. */
  readonly uri: string
  /** What the picture is, for whoever does not see it. */
  readonly picture: string
  /** Says that the link opens the wallet on this very device. */
  readonly open: string
  readonly label: string
}

/** A link for a wallet: as a picture for the telephone in the other hand, as a link on the telephone itself, and as text. */
export function WalletLink({ uri, picture, open, label }: WalletLinkProps) {
  return (
    <Stack gap="sm">
      {/* White behind it also in the dark: cameras expect it. */}
      <Center>
        <img
          src={`data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 3 }))}`}
          alt={picture}
          width={280}
          height={280}
          style={{ background: 'white', maxWidth: '100%', height: 'auto' }}
        />
      </Center>
      <Anchor href={uri} ta="center">
        {open}
      </Anchor>
      <Copyable text={uri} label={label} />
    </Stack>
  )
}
