import AgentOps
import OpsModel
import OpsService
import OpsSpec
import OpsSystem
import OpsTrust

/// Who serves agents and people.
extension GateComposition {
    var agentDesk: AgentDesk {
        let trust = configuration.trustFile
        return AgentDesk(
            store: store,
            peers: peers,
            changed: changed,
            instanceID: configuration.instanceID,
            organisation: configuration.record.organisation,
            approvalTimeoutS: configuration.approvalTimeoutS,
            leaseS: configuration.agentLeaseS,
            signer: signer,
            handicaps: handicaps,
            memory: memory,
            startedBy: configuration.starter
        ) {
            // A gate without the file asks what it always asked; ActionPlane has its own.
            guard FileSystem.exists(trust) else { return nil }
            return try OpsJSON.decode(TrustFile.self, from: FileSystem.read(trust, limit: 1 << 20))
        }
    }

    /// One seed gives the same other names twice.
    var renaming: @Sendable (Int) -> Renaming {
        { [topology, bindings] seed in
            var chance = SeededGenerator(seed: UInt64(bitPattern: Int64(seed))).fork("names")
            return Renaming(of: topology, bindings: bindings, using: &chance)
        }
    }

    var peopleDesk: PeopleDesk {
        let path = configuration.trustFile
        let instanceID = configuration.instanceID
        return PeopleDesk(
            store: store,
            changed: changed,
            approvalTimeoutS: configuration.approvalTimeoutS,
            signature: signer.map { GateSignature(key: $0) },
            startedBy: configuration.starter,
            rolesFile: configuration.rolesFile
        ) {
            let bytes = try FileSystem.read(path, limit: 1 << 20)
            return GrantInspection(trust: try OpsJSON.decode(TrustFile.self, from: bytes), instanceID: instanceID)
        }
    }

    var policyDesk: PolicyDesk {
        let (trust, roles) = (configuration.trustFile, configuration.rolesFile)
        let durations = metrics.histogram(
            "opslab_gate_policy_evaluation_seconds",
            "Time to ask all policies about one action that somebody tries out.",
            buckets: Histogram.decisionBuckets
        )
        return PolicyDesk(store: store, catalogue: peers.catalogue, durations: durations) {
            let ring = try OpsJSON.decode(TrustFile.self, from: FileSystem.read(trust, limit: 1 << 20)).ring
            return try ApproverRoles(ring, file: roles, at: .now())
        }
    }
}
