import OpsPostgres

/// What `migrate up` or `migrate down` did to a database; the same members for both, so that one script reads either.
struct MigrationReport: Encodable {
    /// One migration as people and scripts know it.
    struct Step: Encodable {
        var number: Int
        var name: String

        init(_ migration: Migration) {
            number = migration.number
            name = migration.name
        }
    }

    var database = LabRecords.database
    /// In the order in which they were applied.
    var applied: [Step]
    /// In the order in which they were taken back, the newest first.
    var undone: [Step]

    init(applied: [Migration] = [], undone: [Migration] = []) {
        self.applied = applied.map(Step.init)
        self.undone = undone.map(Step.init)
    }
}
