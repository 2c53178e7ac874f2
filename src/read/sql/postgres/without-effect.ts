/** Statements on which neither tables, columns, constraints, indexes nor rows depend. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  CommentStmt: 'COMMENT',
  GrantStmt: 'GRANT or REVOKE',
  GrantRoleStmt: 'GRANT or REVOKE',
  AlterOwnerStmt: 'OWNER TO',
  AlterDefaultPrivilegesStmt: 'ALTER DEFAULT PRIVILEGES',
  CreateRoleStmt: 'CREATE ROLE',
  AlterRoleStmt: 'ALTER ROLE',
  AlterRoleSetStmt: 'ALTER ROLE',
  DropRoleStmt: 'DROP ROLE',
  DropOwnedStmt: 'DROP OWNED',
  ReassignOwnedStmt: 'REASSIGN OWNED',
  CreatePolicyStmt: 'CREATE POLICY',
  AlterPolicyStmt: 'ALTER POLICY',
  VacuumStmt: 'VACUUM or ANALYZE',
  ReindexStmt: 'REINDEX',
  ClusterStmt: 'CLUSTER',
  LockStmt: 'LOCK',
  ExplainStmt: 'EXPLAIN',
  VariableShowStmt: 'SHOW',
  DiscardStmt: 'DISCARD',
  CheckPointStmt: 'CHECKPOINT',
  NotifyStmt: 'NOTIFY',
  ListenStmt: 'LISTEN',
  ConstraintsSetStmt: 'SET CONSTRAINTS',
  CreatePublicationStmt: 'CREATE PUBLICATION',
  AlterPublicationStmt: 'ALTER PUBLICATION',
  CreateStatsStmt: 'CREATE STATISTICS',
  AlterStatsStmt: 'ALTER STATISTICS',
  AlterFunctionStmt: 'ALTER FUNCTION',
  AlterExtensionStmt: 'ALTER EXTENSION',
  AlterDatabaseStmt: 'ALTER DATABASE',
  AlterDatabaseSetStmt: 'ALTER DATABASE',
  AlterSystemStmt: 'ALTER SYSTEM',
  SecLabelStmt: 'SECURITY LABEL',
  CreateEventTrigStmt: 'CREATE EVENT TRIGGER',
};

/** `CreatePolicyStmt` as `CREATE POLICY`. */
export function plainName(kind: string): string {
  return kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
}
