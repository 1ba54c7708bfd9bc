/** `main.cf` of a Postfix that lives in `directory` alone. It says nothing before STARTTLS but how to do it, takes mail only
 *  after a login, and only for `example.com`, all into one Maildir there. It sends nothing to anywhere. */
export function mainConfig(directory: string, daemonDirectory: string, mailboxUserId: number): string {
  return settings({
    compatibility_level: '3.6',
    config_directory: `${directory}/etc`,
    queue_directory: `${directory}/queue`,
    data_directory: `${directory}/data`,
    daemon_directory: daemonDirectory,
    maillog_file: `${directory}/log`,
    maillog_file_prefixes: directory,
    myhostname: 'mail.test',
    mydestination: '',
    inet_protocols: 'ipv4',
    alias_maps: '',
    alias_database: '',
    default_transport: 'error:nothing leaves this machine',
    relay_transport: 'error:nothing leaves this machine',
    notify_classes: '',
    virtual_mailbox_domains: 'example.com',
    virtual_mailbox_base: `${directory}/mail`,
    virtual_mailbox_maps: 'static:everyone/',
    virtual_minimum_uid: '1',
    virtual_uid_maps: `static:${String(mailboxUserId)}`,
    virtual_gid_maps: `static:${String(mailboxUserId)}`,
    smtpd_tls_security_level: 'encrypt',
    smtpd_tls_auth_only: 'yes',
    smtpd_tls_cert_file: `${directory}/cert.pem`,
    smtpd_tls_key_file: `${directory}/key.pem`,
    smtpd_sasl_auth_enable: 'yes',
    smtpd_sasl_path: 'smtpd',
    smtpd_sasl_local_domain: 'test',
    cyrus_sasl_config_path: `${directory}/etc/sasl`,
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject',
    smtpd_recipient_restrictions: 'reject_unauth_destination',
  });
}

/** `master.cf`: the parts that take mail in and put it into mailboxes, on loopback. */
export function masterConfig(port: number): string {
  const rows = [
    [`127.0.0.1:${String(port)}`, 'inet', 'n', '-', 'n', '-', '-', 'smtpd'],
    ['cleanup', 'unix', 'n', '-', 'n', '-', '0', 'cleanup'],
    ['qmgr', 'unix', 'n', '-', 'n', '300', '1', 'qmgr'],
    ['tlsmgr', 'unix', '-', '-', 'n', '1000?', '1', 'tlsmgr'],
    ['rewrite', 'unix', '-', '-', 'n', '-', '-', 'trivial-rewrite'],
    ['anvil', 'unix', '-', '-', 'n', '-', '1', 'anvil'],
    ['proxymap', 'unix', '-', '-', 'n', '-', '-', 'proxymap'],
    ['virtual', 'unix', '-', 'n', 'n', '-', '-', 'virtual'],
    ['postlog', 'unix-dgram', 'n', '-', 'n', '-', '1', 'postlogd'],
    ...['bounce', 'defer', 'trace'].map((name) => [name, 'unix', '-', '-', 'n', '-', '0', 'bounce']),
    ...['error', 'retry'].map((name) => [name, 'unix', '-', '-', 'n', '-', '-', 'error']),
  ];
  return rows.map((row) => `${row.join(' ')}\n`).join('');
}

function settings(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}
