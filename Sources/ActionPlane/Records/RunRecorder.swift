import OpsModel

/// Keeps the public record of a run.
///
/// The journal's line decides; this record follows from it.
protocol RunRecorder: Sendable {
    /// A grant was used up.
    func began(_ consumption: Consumption) async
    /// The run is over.
    func ended(_ result: ActionResult, of run: ActionLedger.Run) async
}

/// Keeps no record, for a lab without an AgentOps database.
struct NoRecorder: RunRecorder {
    func began(_ consumption: Consumption) async {}
    func ended(_ result: ActionResult, of run: ActionLedger.Run) async {}
}
