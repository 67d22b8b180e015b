import OpsCommand

/// Every verb of the operator's command line, in the order of the help.
enum Commands {
    static let all: [any Command.Type] = lab + scenarios + people + policies + chaos + agents + records

    /// Starting, stopping and looking at a lab.
    static let lab: [any Command.Type] = [
        UpCommand.self, DownCommand.self, StatusCommand.self, DoctorCommand.self, LogsCommand.self,
    ]
    /// Scenarios.
    static let scenarios: [any Command.Type] = [
        DemoCommand.self, ScenarioListCommand.self, ScenarioLintCommand.self,
        ScenarioSchemaCommand.self, ScenarioRunCommand.self, CompareCommand.self, AblateCommand.self,
        RegradeCommand.self,
    ]
    /// What people decide.
    static let people: [any Command.Type] = [
        IncidentsCommand.self, IncidentShowCommand.self, IncidentCloseCommand.self, ApprovalsCommand.self,
        ApproveCommand.self, DenyCommand.self, RevokeCommand.self, AgentsStopCommand.self,
        AgentsPauseCommand.self, AgentsResumeCommand.self,
    ]
    /// What agents may do, rule by rule.
    static let policies: [any Command.Type] = [
        PoliciesListCommand.self, PoliciesShowCommand.self, PoliciesAddCommand.self, PoliciesChangeCommand.self,
        PoliciesRemoveCommand.self, PoliciesEvaluateCommand.self,
    ]
    /// Breaking things.
    static let chaos: [any Command.Type] = [
        BreakCommand.self, FaultsCommand.self, KillCommand.self, ResumeCommand.self, ScheduleListCommand.self,
        ScheduleAddCommand.self, ScheduleRemoveCommand.self, MonkeyStartCommand.self, MonkeyStatusCommand.self,
        MonkeyStopCommand.self,
    ]
    /// Runbooks, actions, topologies.
    static let agents: [any Command.Type] = [
        ActionsCommand.self, ActionRunCommand.self, RunbooksLintCommand.self, RunbooksSearchCommand.self,
        InitCommand.self, TopologyLintCommand.self,
    ]
    /// Tables, keys, audit.
    static let records: [any Command.Type] = [
        AgentsCommand.self, KeysListCommand.self, KeysNewCommand.self, KeysRevokeCommand.self, AuditListCommand.self,
        AuditVerifyCommand.self,
        MigrateUpCommand.self, MigrateDownCommand.self, MigrateStatusCommand.self,
    ]
}
