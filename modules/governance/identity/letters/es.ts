import type { Letters } from './letter.ts'

export const es: Letters = {
  code: (code, origin, minutes) => ({
    subject: 'Un código para iniciar sesión',
    text: `Su código es ${code}\n\nTermina el inicio de sesión en ${origin}, una vez, en los próximos ${minutes} minutos. No se lo dé a nadie.\n\nSi no está iniciando sesión ahora mismo, alguien conoce su contraseña: ponga otra allí con «¿Ha olvidado la contraseña?».\n`,
  }),
  texted: (code, host, minutes) => `${code} es su clave para ${host}. Sirve una vez, durante ${minutes} minutos. No se la dé a nadie.`,
  reset: (link, minutes) => ({
    subject: 'Una contraseña nueva',
    text: `Alguien, probablemente usted, ha pedido una contraseña nueva.\n\n${link}\n\nEl enlace vale ${minutes} minutos y sirve una vez. Si no ha sido usted, no haga nada: la contraseña sigue igual.\n`,
  }),
}
