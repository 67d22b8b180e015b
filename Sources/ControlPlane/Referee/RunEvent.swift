import OpsModel

/// What happens in a run, in the order in which a person watching it should hear of it.
enum RunEvent: Sendable {
    case began(system: String, processes: Int, rate: Double)
    case seated(agent: String, isolation: String)
    case steady([JourneyStatus], heldS: Double)
    case sealed(commitment: String, leaseS: Double)
    case quiet(commitment: String)
    case paged(Page)
    case looked([ReadAnswer])
    case diagnosed(Diagnosis)
    case asked(ApprovalDetail)
    case decided(Approval, waitS: Double)
    case stepped(StepOutcome)
    case back(JourneyStatus)
    case escalated(Escalation)
    case held(windowS: Double, leaseLeftS: Double?)
    case replayed(job: String, held: Bool)
    case unsealed(commitment: String, label: String, wasRight: Bool?)
    case judged(RunReport)
}
