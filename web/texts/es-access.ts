import type { enAccess } from './en-access.ts';

/** The same in Spanish. */
export const esAccess: typeof enAccess = {
  login: {
    token: 'Token',
    submit: 'Entrar',
    busy: 'Entrando',
    wait: (seconds) => `Espera ${seconds} s`,
    advice: '¿Sin token? Lo crea un administrador, en la máquina del hub:',
    copy: 'Copiar',
    farewell: {
      ended: 'Tu sesión ha terminado. Alguien la cerró, su token ya no vale o se acabó su tiempo.',
      required: 'Este hub pide ahora un token.',
      loggedOut: 'Has cerrado la sesión.',
    },
    failure: {
      wrong: 'Este token no vale. Puede estar incompleto, revocado o caducado.',
      ingest: 'Este token solo puede enviar eventos. Para verlos, usa uno con el rol read.',
      limited: (time) => `Demasiados tokens erróneos desde esta dirección. Espera hasta las ${time}.`,
      unreachable: 'El hub no responde. Tu token no se ha comprobado; inténtalo otra vez.',
    },
  },
  account: {
    rail: 'Cuenta',
    title: 'Cuenta',
    close: 'Cerrar',
    may: {
      ingest: '{name} envía eventos y no lee ninguno.',
      read: '{name} lo lee todo y no cambia nada.',
      admin: '{name} puede hacerlo todo.',
    },
    until: (time) => `Sesión abierta hasta ${time}, si se usa una vez al día.`,
    logOut: 'Salir',
    logOutFailed: 'El hub no responde; tu sesión sigue abierta.',
    sessions: 'Sesiones abiertas',
    name: 'Token',
    role: 'Rol',
    since: 'Desde',
    seen: 'Última vez',
    address: 'Dirección',
    roles: { ingest: 'ingest', read: 'read', admin: 'admin' },
    current: 'esta',
    end: 'Cerrar',
    endOf: (name, address) => `Cerrar la sesión de ${name} desde ${address}`,
    failed: {
      list: 'No se ha podido cargar la lista. Reintentando.',
      end: 'El hub no ha cerrado la sesión. Inténtalo otra vez.',
    },
  },
};
