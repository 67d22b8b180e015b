internal import OpsHTTP
public import OpsModel

extension ChaosClient {
    /// The schedules, and what became of their due times.
    public func schedules() async throws -> [ScheduleStatus] { try await service.get("/schedules") }

    /// Makes a schedule; it is never sent twice.
    public func add(_ schedule: FaultSchedule) async throws -> ScheduleStatus {
        try await service.post("/schedules", schedule)
    }

    /// Forgets a schedule and takes its fault back; a name is small letters, digits and hyphens.
    public func removeSchedule(_ name: String) async throws -> ScheduleStatus {
        try await service.delete("/schedules/\(name)", timeout: .seconds(15))
    }

    /// The monkey that runs, or the last one that did.
    public func monkey() async throws -> MonkeyStatus { try await service.get("/monkey") }

    /// One plan with all its entries.
    public func monkeyPlan(_ id: String) async throws -> MonkeyPlan { try await service.get("/monkey/plans/\(id)") }

    /// Starts a monkey; it is never sent twice.
    public func startMonkey(_ request: MonkeyRequest) async throws -> MonkeyStatus {
        try await service.post("/monkey", request)
    }

    /// Stops the monkey and takes back what it has open.
    public func stopMonkey() async throws -> MonkeyStatus {
        try await service.delete("/monkey", timeout: .seconds(30))
    }
}
