import OpsSystem

/// Both clusters of a lab.
package struct LabClusters: Sendable {
    package let target: Cluster
    package let agentOps: Cluster

    package init(_ blueprint: LabBlueprint, _ secrets: LabSecrets) {
        self.target = Cluster(
            name: blueprint.plan?.application.database.component ?? "db",
            plan: blueprint.targetCluster(secrets),
            programs: blueprint.host,
            accounts: blueprint.accounts
        )
        self.agentOps = Cluster(
            name: "agentops-db",
            plan: blueprint.agentOpsCluster(secrets),
            programs: blueprint.host,
            accounts: blueprint.accounts
        )
    }

    /// Makes both at the same time.
    package func prepare(_ progress: Lab.Progress) async throws(RuntimeError) {
        do {
            async let first: Void = self.target.prepare()
            async let second: Void = self.agentOps.prepare()
            _ = try await (first, second)
        } catch let error as RuntimeError {
            throw error
        } catch {
            throw RuntimeError(.clusterFailed, "\(error)")
        }
    }
}
